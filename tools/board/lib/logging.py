"""Stand-in for micropython-lib's logging, and about as large."""

import io
import sys
import time

CRITICAL = 50
ERROR = 40
WARNING = 30
INFO = 20
DEBUG = 10
NOTSET = 0

_names = {50: "CRITICAL", 40: "ERROR", 30: "WARNING", 20: "INFO", 10: "DEBUG", 0: "NOTSET"}
_loggers = {}


class LogRecord:
    def __init__(self, name, level, message):
        self.name = name
        self.levelno = level
        self.levelname = _names[level]
        self.message = message
        self.ct = time.time()
        self.msecs = int(self.ct % 1 * 1000)
        self.asctime = None


class Formatter:
    def __init__(self, fmt=None, datefmt=None):
        self.fmt = fmt or "%(levelname)s:%(name)s:%(message)s"
        self.datefmt = datefmt or "%Y-%m-%d %H:%M:%S"

    def usesTime(self):
        return "asctime" in self.fmt

    def formatTime(self, datefmt, record):
        from strftime import strftime

        return strftime(datefmt, record.ct)

    def format(self, record):
        if self.usesTime():
            record.asctime = self.formatTime(self.datefmt, record)
        fields = ("name", "message", "msecs", "asctime", "levelname")
        return self.fmt % {field: getattr(record, field) for field in fields}


class Handler:
    def __init__(self, level=NOTSET):
        self.level = level
        self.formatter = None

    def setLevel(self, level):
        self.level = level

    def setFormatter(self, formatter):
        self.formatter = formatter

    def format(self, record):
        return (self.formatter or Formatter()).format(record)

    def flush(self):
        pass

    def close(self):
        pass


class StreamHandler(Handler):
    def __init__(self, stream=None):
        super().__init__()
        self.stream = stream or sys.stderr
        self.terminator = "\n"

    def emit(self, record):
        if record.levelno >= self.level:
            self.stream.write(self.format(record) + self.terminator)

    def flush(self):
        if hasattr(self.stream, "flush"):
            self.stream.flush()


class FileHandler(StreamHandler):
    def __init__(self, filename, mode="a", encoding="UTF-8"):
        super().__init__(open(filename, mode, encoding=encoding))

    def close(self):
        self.stream.close()


class Logger:
    def __init__(self, name, level=NOTSET):
        self.name = name
        self.level = level
        self.handlers = []

    def setLevel(self, level):
        self.level = level

    def getEffectiveLevel(self):
        return self.level or getLogger().level or WARNING

    def isEnabledFor(self, level):
        return level >= self.getEffectiveLevel()

    def addHandler(self, handler):
        if handler not in self.handlers:
            self.handlers.append(handler)

    def removeHandler(self, handler):
        if handler in self.handlers:
            self.handlers.remove(handler)
            handler.close()

    def hasHandlers(self):
        return bool(self.handlers)

    def log(self, level, msg, *args):
        if not self.isEnabledFor(level):
            return
        if args:
            msg = msg % (args[0] if isinstance(args[0], dict) else args)
        record = LogRecord(self.name, level, msg)
        for handler in self.handlers or getLogger().handlers:
            handler.emit(record)

    def debug(self, msg, *args):
        self.log(DEBUG, msg, *args)

    def info(self, msg, *args):
        self.log(INFO, msg, *args)

    def warning(self, msg, *args):
        self.log(WARNING, msg, *args)

    def error(self, msg, *args):
        self.log(ERROR, msg, *args)

    def critical(self, msg, *args):
        self.log(CRITICAL, msg, *args)

    def exception(self, msg, *args, exc_info=True):
        """Logs the message and the traceback of exc_info, or of the exception being handled."""
        self.log(ERROR, msg, *args)
        error = exc_info if isinstance(exc_info, BaseException) else sys.exc_info()[1]
        if error:
            text = io.StringIO()
            sys.print_exception(error, text)
            self.log(ERROR, text.getvalue())


def getLogger(name=None):
    """The logger of that name; asking for the root sets it up, as on a board."""
    name = name or "root"
    if name not in _loggers:
        _loggers[name] = Logger(name)
        if name == "root":
            basicConfig()
    return _loggers[name]


def basicConfig(
    filename=None,
    filemode="a",
    format=None,
    datefmt=None,
    level=WARNING,
    stream=None,
    encoding="UTF-8",
    force=False,
):
    """Sets the root logger up, if it is not yet; with force=True in any case."""
    root = _loggers.setdefault("root", Logger("root"))
    while force and root.handlers:
        root.removeHandler(root.handlers[0])
    if not root.handlers:
        handler = FileHandler(filename, filemode, encoding) if filename else StreamHandler(stream)
        handler.setLevel(level)
        handler.setFormatter(Formatter(format, datefmt))
        root.addHandler(handler)
        root.setLevel(level)


def addLevelName(level, name):
    _names[level] = name


def shutdown():
    for logger in _loggers.values():
        for handler in logger.handlers:
            handler.close()
    _loggers.clear()


def log(level, msg, *args):
    getLogger().log(level, msg, *args)


def debug(msg, *args):
    getLogger().debug(msg, *args)


def info(msg, *args):
    getLogger().info(msg, *args)


def warning(msg, *args):
    getLogger().warning(msg, *args)


def error(msg, *args):
    getLogger().error(msg, *args)


def critical(msg, *args):
    getLogger().critical(msg, *args)


def exception(msg, *args, exc_info=True):
    getLogger().exception(msg, *args, exc_info=exc_info)
