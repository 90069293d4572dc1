"""The composite types by their names."""

from sideboard.composites import Color, ColoredLight, DimmedLight, Location, Schedule
from sideboard.television import Television

COMPOSITES = {
    kind.__name__: kind for kind in (ColoredLight, DimmedLight, Color, Location, Schedule, Television)
}
