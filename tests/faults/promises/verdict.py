"""What is found about one promise."""

from dataclasses import dataclass, field


@dataclass
class Verdict:
    promise: str
    cases: int = 0
    broken: list[str] = field(default_factory=list)

    def case(self, fault: str | None) -> None:
        """Counts one case, and keeps what was wrong with it if anything was."""
        self.cases += 1
        if fault:
            self.broken.append(fault)
