"""Stands in for the constants of opentelemetry.semconv where PyPI is a mirror that lacks them.

The wandb library names its own telemetry by them, which it sends to nobody in offline mode. Nothing of a run depends on
them. Any constant is its own name.
"""

import importlib.abc
import importlib.machinery
import sys
import types


class Name(str):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Name(name.lower())


class Constants(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Name(name.lower())


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if f"{name}.".startswith("opentelemetry.semconv."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Constants(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.append(Finder())
