"""Pages from elsewhere that a setting names: how they may ask (CORS). Loaded only where there are some."""

from microdot.microdot import Microdot

from .errors import SettingsError


def accept(dashboard):
    """Lets the pages of dashboard.origins ask; none of them gets a cookie."""
    origins = dashboard.origins
    if type(origins) is not tuple or not all(map(_is_origin, origins)):
        raise SettingsError('DASHBOARD_ORIGINS must be like ("http://dash.example",), not %r' % (origins,))

    async def answer(request):
        response = await Microdot.dispatch_request(dashboard, request)
        origin = request and request.headers.get("Origin")
        if response and origin in origins:
            headers = response.headers
            headers["Access-Control-Allow-Origin"] = origin
            headers["Vary"] = "Origin"
            if request.method == "OPTIONS":  # asked before a write
                headers["Access-Control-Allow-Methods"] = headers["Allow"]
                headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        return response

    dashboard.dispatch_request = answer


def _is_origin(text):
    return type(text) is str and text[:4] == "http" and text.count("/") == 2
