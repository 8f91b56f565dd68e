"""The memo that a plan goes to the county's politicians with: made from the plan, section by
section, with what the county has written in its place. Another kind of memo is one more recipe and
its templates (``recipes``)."""

from plans.memo.blocks import Block, blocks
from plans.memo.compose import ReadMemo, Standing, compose, is_stale, read_memo
from plans.memo.generate import generated_section
from plans.memo.model import Figure, MemoDocument, Section
from plans.memo.recipes import RECIPES, Place, place_at
from plans.memo.source import Source, read_source

__all__ = [
    "RECIPES",
    "Block",
    "Figure",
    "MemoDocument",
    "Place",
    "ReadMemo",
    "Section",
    "Source",
    "Standing",
    "blocks",
    "compose",
    "generated_section",
    "is_stale",
    "place_at",
    "read_memo",
    "read_source",
]
