"""The rules of official documents: what each kind says, how it is numbered, and how text becomes printable."""

from services.inspection.documents.domain.codes import code_of, read_code
from services.inspection.documents.domain.kinds import WORDS, number_of, series_name
from services.inspection.documents.domain.papers import PAPERS, Paper, paper_of

__all__ = ["PAPERS", "WORDS", "Paper", "code_of", "number_of", "paper_of", "read_code", "series_name"]
