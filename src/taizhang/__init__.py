"""taizhang (台账): plan and work reports in, statements out."""

__version__ = "0.1.0"
