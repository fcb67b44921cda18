"""What a run notes of where its numbers come from."""

from __future__ import annotations

import os
import shutil
import subprocess

from support import printed


def test_the_commit_of_an_outer_repository_is_not_the_study_s(tmp_path, study_copy):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    outer = study_copy.parent
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "outer"]):
        subprocess.run([*git, *arguments], cwd=outer, check=True)
    code = "from modclock.study.running.provenance import provenance; print(provenance()['commit'])"
    assert printed(code, study_copy) == "unknown\n"
    shutil.rmtree(outer / ".git")
    assert os.path.exists(study_copy)
