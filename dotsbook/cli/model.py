"""`dotsbook model`: list, pull, convert, quantize, verify, info, bench."""

import typer

from dotsbook.cli import model_bench, model_check, model_convert, model_pull

app = typer.Typer(no_args_is_help=True)
app.command("list")(model_pull.list_models)
app.command()(model_pull.pull)
app.command()(model_convert.convert)
app.command()(model_convert.quantize)
app.command()(model_check.verify)
app.command()(model_check.info)
app.command()(model_bench.bench)
