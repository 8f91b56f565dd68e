"""The only things that a document may fetch: the assets that it was given."""

from collections.abc import Mapping

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "asset:"


class OnlyAssets(URLFetcher):
    """Gives ``asset:NAME`` from a fixed map. Anything else, of whatever scheme, ends the rendering:
    it raises ``FatalURLFetchingError``, which is a ``BaseException``."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return the asset. Raises ``FatalURLFetchingError`` for any other address."""
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self._assets:
            raise FatalURLFetchingError(f"refused to fetch {url[:200]!r}")
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": "font/ttf"})
