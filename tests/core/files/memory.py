"""How much memory and processor time does one bad file cost? Measured in a process of its own.

    python -m tests.core.files.memory DSN FOLDER

Prints, as JSON, for each case of the corpus the answer's code, the growth of the peak of resident memory over what was
resident before (megabytes), and seconds of processor time. Bodies are read from disk, so that only the product counts.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from express_bot.core.app import create_app
from express_bot.settings import Settings
from tests.conftest import NOW, Api
from tests.core.files.corpus import CASES, CLEANED


def status(name: str) -> float:
    """A figure of this process, in megabytes."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1000


def measure(anna: Api, number: int, path: Path) -> dict[str, Any]:
    """One upload."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # from here on the peak is counted anew
    before, began = status("VmRSS"), time.process_time()
    with path.open("rb") as content:
        answer = anna.post(
            "/api/smartapp/files",
            input_stream=content,
            content_length=path.stat().st_size,
            content_type="application/octet-stream",
            headers={"Content-Disposition": "attachment; filename*=UTF-8''a.pdf"},
            key=f"memory-{number:06}",
        )
        answer.close()
    told = answer.json
    return {
        "code": told.get("code", "ready"),
        "megabytes": round(status("VmHWM") - before, 1),
        "seconds": round(time.process_time() - began, 3),
    }


def main(dsn: str, folder: Path) -> None:
    app = create_app(Settings(mode="test", var_dir=folder / "var", service_key="k" * 40), dsn)
    app.extensions["house"].clock.move(NOW)
    anna = Api(app).as_("employee")
    bodies = sorted((folder / "bodies").iterdir(), key=lambda path: int(path.name))
    names = [case.what for case in CASES] + [what for what, *_ in CLEANED]
    print(json.dumps({names[int(path.name)]: measure(anna, int(path.name), path) for path in bodies}))


def write_bodies(folder: Path) -> None:
    """The corpus as files, made where its making does not count."""
    folder.mkdir()
    contents = [case.content for case in CASES] + [make() for _, _, make, _ in CLEANED]
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
