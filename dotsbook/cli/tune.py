"""`dotsbook tune`: prepare, train, distill, evaluate, bake, info; teaching dots.tts a voice or a language."""

import typer

from dotsbook.cli import tune_bake, tune_distill, tune_evaluate, tune_info, tune_prepare, tune_train

app = typer.Typer(no_args_is_help=True)
app.command()(tune_prepare.prepare)
app.command()(tune_train.train)
app.command()(tune_distill.distill)
app.command()(tune_evaluate.evaluate)
app.command()(tune_bake.bake)
app.command()(tune_info.info)
