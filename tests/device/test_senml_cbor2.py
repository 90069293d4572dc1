"""SenML packs against an independent CBOR library, and against packs from the field."""

import json
import struct
from pathlib import Path

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sideboard.senml import decode, encode

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "reference" / "senml-vectors.json"

TEXT_LABELS = {-3: "bt", 0: "n", 2: "v", 3: "vs", 4: "vb", 6: "t", 8: "vd"}

integers = st.integers(-(2**64), 2**64 - 1)
numbers = integers | st.floats(allow_nan=False)
times = st.integers(-(2**28), 2**33) | st.floats(-1e9, 1e10)
names = st.text(max_size=40) | integers
values = numbers | st.text(max_size=300) | st.booleans() | st.binary(max_size=300)
anything = st.recursive(
    st.none() | values | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(integers | st.text(), inner, max_size=4),
    max_leaves=12,
)
unknown_labels = integers.filter(lambda label: label not in TEXT_LABELS) | st.text().filter(
    lambda label: label not in TEXT_LABELS.values()
)


@st.composite
def records(draw):
    """A record as a map of labels, with a value, perhaps times, and fields nobody knows."""
    value = draw(values)
    label = {bool: 4, str: 3, bytes: 8}.get(type(value), 2)
    record = {0: draw(names), label: value}
    record |= draw(st.fixed_dictionaries({}, optional={-3: times, 6: times}))
    record |= draw(st.dictionaries(unknown_labels, anything, max_size=2))
    fields = draw(st.permutations(list(record.items())))
    return {draw(st.sampled_from([key, TEXT_LABELS.get(key, key)])): field for key, field in fields}


def expected(pack):
    """What `decode` is to make of a pack of records."""
    base = None
    result = []
    for record in pack:
        field = {label: record.get(label, record.get(text)) for label, text in TEXT_LABELS.items()}
        base = base if field[-3] is None else field[-3]
        time = field[6] if base is None else base + (field[6] or 0)
        value = next(field[label] for label in (2, 3, 4, 8) if field[label] is not None)
        result.append((field[0], value, time))
    return result


def refused_or_records(data):
    """Decodes whatever it is; any error but a ValueError is the test's."""
    try:
        assert isinstance(decode(data), list)
    except ValueError:
        pass


@given(st.lists(records(), max_size=6), st.booleans(), st.booleans())
def test_reads_what_cbor2_writes(pack, short_floats, indefinite):
    data = cbor2.dumps(pack, canonical=short_floats, indefinite_containers=indefinite)
    # repr tells 1 from 1.0 and from True.
    assert repr(decode(data)) == repr(expected(pack))


@given(st.lists(st.tuples(names, values), max_size=40))
def test_cbor2_reads_what_it_writes(pairs):
    pack = cbor2.loads(encode(pairs))
    assert repr(expected(pack)) == repr([(name, value, None) for name, value in pairs])
    assert all(len(record) == 2 for record in pack)


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_random_bytes_raise_only_value_errors(data):
    refused_or_records(data)
    refused_or_records(b"\x81\xbf" + data)


@given(st.lists(records(), min_size=1, max_size=3), st.booleans(), st.data())
@settings(max_examples=500)
def test_mutated_packs_raise_only_value_errors(pack, indefinite, data):
    packed = cbor2.dumps(pack, indefinite_containers=indefinite)
    start = data.draw(st.integers(0, len(packed)))
    end = data.draw(st.integers(start, min(start + 4, len(packed))))
    refused_or_records(packed[:start] + data.draw(st.binary(max_size=4)) + packed[end:])


# Runs on either interpreter. Floats as their bytes: printed digits would not be exact in both.
DECODE_ALL = """
import json, struct, sys
from sideboard.senml import decode
def exact(field):
    return struct.pack(">d", field).hex() if isinstance(field, float) else field
print(json.dumps([[[exact(f) for f in r] for r in decode(bytes.fromhex(p))] for p in json.load(sys.stdin)]))
"""


def exactly(decoded):
    return [[struct.pack(">d", f).hex() if isinstance(f, float) else f for f in record] for record in decoded]


@pytest.fixture(scope="module")
def vectors():
    if not VECTORS.exists():
        pytest.skip("the packs from the field are not part of the project: no ../shared/reference beside it")
    return json.loads(VECTORS.read_text())["vectors"]


def records_of(vector):
    return expected([{int(label): field for label, field in record.items()} for record in vector["records"]])


def test_decodes_the_packs_from_the_field(vectors):
    for vector in vectors:
        assert repr(decode(bytes.fromhex(vector["cbor"]))) == repr(records_of(vector)), vector["title"]


def test_decodes_the_packs_from_the_field_in_micropython(vectors, micropython):
    packs = [vector["cbor"] for vector in vectors]
    decoded = json.loads(micropython("-c", DECODE_ALL, stdin=json.dumps(packs)))
    for vector, found in zip(vectors, decoded, strict=True):
        assert repr(found) == repr(exactly(records_of(vector))), vector["title"]
