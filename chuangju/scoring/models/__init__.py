"""The models of scoring, one file for each thing; import them from here."""

from chuangju.scoring.models.assessments import Assessment, AssessmentQuerySet
from chuangju.scoring.models.panels import FrozenResult, Panel, PanelEntry, PanelMember
from chuangju.scoring.models.sheets import ScoreSheet

__all__ = ["Assessment", "AssessmentQuerySet", "FrozenResult", "Panel", "PanelEntry", "PanelMember", "ScoreSheet"]
