"""What mbedTLS says when a connection fails, told in one sentence to whoever must act."""

from sideboard import failure

NOT_SIGNED = "The certificate is not correctly signed by the trusted CA"
EXPIRED = "The certificate validity has expired"
ALERT = -0x7780


def told(error, certificate=False):
    link = {"server": "cloud.example", "port": 8885, "hostname": "name.example", "certificate": certificate}
    return failure.tls_failure(error, link)


class NewBoardClock:
    """Stands where the module `time` was."""

    def __enter__(self):
        self._time, failure.time = failure.time, self

    def __exit__(self, *error):
        failure.time = self._time

    def gmtime(self):
        return (2000, 1, 1, 0, 0, 7, 5, 1)


def test_all_that_is_wrong_with_a_certificate_is_one_line():
    with NewBoardClock():
        text = told(ValueError("\n%s\n\n%s\n" % (NOT_SIGNED, EXPIRED)))
    end = "(name: name.example, clock: 2000-01-01)"
    assert text == "cloud.example: %s, %s %s" % (NOT_SIGNED, EXPIRED, end)


def test_certificate_that_a_port_has_no_texts_for():
    assert told(OSError(-0x2700)).startswith("cloud.example: ")


def test_alert_tells_whether_a_certificate_is_missing_or_wrong():
    assert told(OSError(ALERT)) == "cloud.example refuses TLS: it probably wants a certificate in ssl_params"
    text = "cloud.example refuses TLS: it probably wants another certificate in ssl_params"
    assert told(OSError(ALERT), certificate=True) == text


def test_other_failure_of_tls_keeps_its_own_words():
    text = told(OSError(-0x6E00, "no cipher in common"))
    assert text.startswith("cloud.example: TLS failed: ") and "no cipher in common" in text


def test_failures_below_tls_are_not_its_business():
    for error in (OSError(111), OSError("not an MQTT server"), OSError(), EOFError()):
        assert told(error) is None
