"""Checks documents against a JSON Schema with the jsonschema package.

usage: validate.py SCHEMA DOCUMENTS

SCHEMA is a file with a schema of draft 2020-12, which is itself checked first. DOCUMENTS is a file with a JSON array
of { "notation": "json" or "yaml", "text": the document }. Prints a JSON array with one item per document: null when
the schema takes it, else what is wrong.
"""

import json
import re
import sys

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match


class CoreLoader(yaml.SafeLoader):
    """YAML with the core schema of version 1.2, as editors read it; PyYAML itself follows version 1.1."""

    yaml_implicit_resolvers = {}


def resolve(tag, pattern, read):
    CoreLoader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile("^(?:%s)$" % pattern), None)
    CoreLoader.add_constructor("tag:yaml.org,2002:" + tag, lambda loader, node: read(loader.construct_scalar(node)))


def whole_number(text):
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


def real_number(text):
    return float(text if any(digit in text for digit in "0123456789") else text.lower().replace(".", ""))


resolve("null", "~|null|Null|NULL|", lambda text: None)
resolve("bool", "true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true")
resolve("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", whole_number)
resolve(
    "float",
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
    real_number,
)


def refuse_constant(text):
    raise ValueError(text + " is not JSON")


def read(document):
    if document["notation"] == "yaml":
        return yaml.load(document["text"], Loader=CoreLoader)
    return json.loads(document["text"], parse_constant=refuse_constant)


def problem(validator, document):
    try:
        value = read(document)
    except (ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        return "unreadable: " + str(error)
    error = best_match(validator.iter_errors(value))
    return None if error is None else error.json_path + ": " + error.message


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    with open(sys.argv[2], encoding="utf-8") as file:
        documents = json.load(file)
    json.dump([problem(validator, document) for document in documents], sys.stdout)


main()
