"""What a `connector.yaml` may say, as structs: a class a block, a docstring a key; `docs/connector.md` explains it.

`Any` stands for a value (`values.py`) or a signing recipe (`signing.py`); both are compiled when the file is loaded.
"""

from orderloom.adapters.kit.schema.account import (
    AuthoriseBlock,
    CredentialBlock,
    RateBlock,
    RatesBlock,
    SettingBlock,
    TokenBlock,
    VersionBlock,
)
from orderloom.adapters.kit.schema.block import DeclaredBlock
from orderloom.adapters.kit.schema.call import (
    AnswerBlock,
    AskBlock,
    CallBlock,
    NowBlock,
    OwnAskBlock,
    RecipeBlock,
    WrapBlock,
    WriteBlock,
)
from orderloom.adapters.kit.schema.file import ConnectorBlock
from orderloom.adapters.kit.schema.pull import (
    BesideBlock,
    DetailsBlock,
    DropBlock,
    EachBlock,
    ListedBlock,
    PagesBlock,
    PullBlock,
    RangeBlock,
    ReadBlock,
    TotalBlock,
)
from orderloom.adapters.kit.schema.push import ChallengeBlock, PushBlock, ReplyBlock, TopicBlock, VerifyBlock
from orderloom.adapters.kit.schema.tell import (
    DoubtBlock,
    FirstBlock,
    ListingsBlock,
    PartsBlock,
    ProbeBlock,
    QueryBlock,
    QuoteBlock,
    TellBlock,
    WayBlock,
)

__all__ = [
    "AnswerBlock",
    "AskBlock",
    "AuthoriseBlock",
    "BesideBlock",
    "CallBlock",
    "ChallengeBlock",
    "ConnectorBlock",
    "CredentialBlock",
    "DeclaredBlock",
    "DetailsBlock",
    "DoubtBlock",
    "DropBlock",
    "EachBlock",
    "FirstBlock",
    "ListedBlock",
    "ListingsBlock",
    "NowBlock",
    "OwnAskBlock",
    "PagesBlock",
    "PartsBlock",
    "ProbeBlock",
    "PullBlock",
    "PushBlock",
    "QueryBlock",
    "QuoteBlock",
    "RangeBlock",
    "RateBlock",
    "RatesBlock",
    "ReadBlock",
    "RecipeBlock",
    "ReplyBlock",
    "SettingBlock",
    "TellBlock",
    "TokenBlock",
    "TopicBlock",
    "TotalBlock",
    "VerifyBlock",
    "VersionBlock",
    "WayBlock",
    "WrapBlock",
    "WriteBlock",
]
