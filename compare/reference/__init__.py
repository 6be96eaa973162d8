"""Reference data: municipalities, their groups, population, borders, peers, prices, and dated copies from Kolada.

`compare.reference.kolada` fetches; everything else reads local files (`copies.local` for Kolada's values), so a report
never waits for a server and gives the same figures tomorrow. The files lie in `data/reference/`; `folder` says where
that is looked for when the package is installed elsewhere.
"""

from compare.reference.register import (
    borders,
    check_area,
    check_code,
    counties,
    data_folder,
    folder,
    key_figures,
    municipalities,
    name_of,
    names,
    peers,
    population,
    price_index,
    service_areas,
    similar,
    skr_groups,
    sources,
)

__all__ = [
    "borders",
    "check_area",
    "check_code",
    "counties",
    "data_folder",
    "folder",
    "key_figures",
    "municipalities",
    "name_of",
    "names",
    "peers",
    "population",
    "price_index",
    "service_areas",
    "similar",
    "skr_groups",
    "sources",
]
