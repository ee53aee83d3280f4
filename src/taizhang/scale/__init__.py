"""Many documents: the same pure function over each, in one process or several."""

from taizhang.scale.answers import Answer, Job, answer, whole
from taizhang.scale.processes import in_order, stop

__all__ = ["Answer", "Job", "answer", "in_order", "stop", "whole"]
