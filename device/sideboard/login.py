"""Who may do what: passwords, sessions, and a brake on guessing. Loaded only where there is a password."""

import json
import os
from binascii import a2b_base64, hexlify, unhexlify
from hashlib import sha256

from .access import GUEST, Refused
from .assets import send_asset
from .clock import uptime

_WEEK = 604800000  # a session lasts so long; in ms, as all times here
_ANSWERED = 60000  # within it a challenge is answered
_FADES = 600000  # then guesses are forgotten
_FREE = 3  # wrong guesses, before an address has to wait
_MOST = 8  # sessions, and addresses of who guesses


class Login:
    """Asks visitors for the password of the dashboard's owner, or of guests, who see all and change nothing.

    The page's password does not travel: it signs a challenge. That is the time when it was given, signed by a
    key of this run, so strangers can fill no memory. It is good once: only if given after the last good one.
    """

    def __init__(self, dashboard, owner, guest):
        self._dashboard = dashboard
        self._passwords = [(owner, {"user": "owner"})]
        if guest:
            self._passwords.append((guest, GUEST))
        self._key = os.urandom(32)
        self._sessions = []  # (the cookie, signed; the user; the end), the oldest first
        self._last = -1  # when the last challenge that was good was given
        self._guesses = {}  # address, or None for those without a place: (how many, when the last)
        dashboard.before_request(self.check)
        dashboard.route("/login", ["GET", "POST", "DELETE"])(self.serve)

    async def check(self, request):
        """Lets in who has a session, or sends a password with any user name."""
        path = request.path
        if path == "/login":
            return None
        visitor = request.sock[0]
        header = request.headers.get
        login = header("Authorization")
        visitor.session = self._session(request)
        if visitor.session:
            visitor.user = visitor.session[1]
        elif login:
            try:
                given = a2b_base64(login[6:]).split(b":", 1)[-1]  # after "Basic " and a name
            except ValueError:
                given = b""  # no Base64
            visitor.user = self._judge(request, self._key, signed(given, self._key))
        if visitor.user:
            if visitor.user == GUEST and request.method not in ("GET", "HEAD"):
                raise Refused(403, "guests change nothing")
            return None
        if path[:4] not in ("/api", "/ws"):
            return send_asset(request, "login.html.gz", 401)
        # For a page no browser shall ask in its own way.
        page = header("Origin") or header("Cookie")
        headers = {} if page else {"WWW-Authenticate": 'Basic realm="Sideboard"'}
        return {"error": "a password is needed"}, 401, headers

    async def serve(self, request):
        """Gives a challenge, takes its answer for a cookie, or ends a session."""
        if request.method not in ("POST", "DELETE"):
            title = self._dashboard.registry.status["title"]
            return {"challenge": self._challenge(str(uptime(1))), "title": title}
        session = self._session(request)
        cookie, user, seconds = "", {}, 0
        if request.method == "POST":
            user, seconds = self._answered(request), _WEEK // 1000
            cookie = hexlify(os.urandom(16)).decode()
            self._sessions.append((self._sign(cookie), user, uptime(1) + _WEEK))
            session = len(self._sessions) > _MOST and self._sessions[0]
        if session:
            self._end(session)
        cookie = "sideboard=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d" % (cookie, seconds)
        return user, 200, {"Set-Cookie": cookie}

    def _answered(self, request):
        """The user who answered a challenge. Refused when that went wrong."""
        try:
            login = json.loads(request.body)
            challenge = login["challenge"]
            answer = unhexlify(login["answer"])
            given = challenge.split("-")[0]
            genuine = self._sign(challenge) == self._sign(self._challenge(given))
        except (ValueError, RuntimeError, KeyError, TypeError, AttributeError):
            raise Refused(400, 'a login has "challenge" and "answer"') from None
        given = int(given) if genuine else -1
        if given <= self._last or given < uptime(1) - _ANSWERED:
            raise Refused(409, "get another challenge")
        user = self._judge(request, challenge.encode(), answer)
        if not user:
            raise Refused(401, "wrong password")
        self._last = given
        return user

    def _session(self, request):
        """The one whose cookie a page of the board's own sends, or None."""
        header = request.headers.get
        own = "http://" + header("Host", "")
        cookie = self._sign(request.cookies.get("sideboard", "") if header("Origin", own) == own else "")
        found = None
        for session in self._sessions[:]:
            if session[2] <= uptime(1):
                self._end(session)
            elif session[0] == cookie:
                found = session
        return found

    def _end(self, session):
        """Ends a session, and the pages that were opened in it."""
        self._sessions.remove(session)
        for visitor in self._dashboard.visitors:
            if visitor.page and visitor.session == session:
                visitor.dismiss()

    def _challenge(self, text):
        return text + "-" + hexlify(self._sign(text)).decode()

    def _sign(self, text):
        """What is compared in place of the text: how long that takes tells nothing of it."""
        return signed(self._key, text.encode())

    def _judge(self, request, challenge, answer):
        """The user whose password signed the challenge so; {} for a wrong guess.

        Refused, whatever the password is, for who has guessed too often.
        """
        guesses = self._guesses
        now = uptime(1)
        for address in list(guesses):
            if now - guesses[address][1] > _FADES:
                del guesses[address]
        address = request.sock[0].address
        if address not in guesses and len(guesses) >= _MOST:
            address = None
        count, last = guesses.pop(address, (0, 0))
        wait = last - now + min(60000, 1000 << min(count - _FREE - 1, 6)) if count > _FREE else 0
        if wait > 0:
            guesses[address] = count, last
            raise Refused(429, (wait + 999) // 1000)
        for password, user in self._passwords:
            right = signed(password.encode(), challenge)
            if signed(self._key, right) == signed(self._key, answer):
                return user
        guesses[address] = count + 1, now
        return {}


def signed(key, text):
    """HMAC-SHA-256 (RFC 2104), which MicroPython lacks."""
    if len(key) > 64:
        key = sha256(key).digest()
    key += bytes(64 - len(key))
    for pad in 0x36, 0x5C:
        text = sha256(bytes(byte ^ pad for byte in key) + text).digest()
    return text
