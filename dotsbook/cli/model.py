"""`dotsbook model`: list, pull, convert, quantize, verify, info."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit
from dotsbook.errors import ModelError

app = typer.Typer(no_args_is_help=True)
Source = Annotated[str, typer.Argument(metavar="MODEL", help="A folder, or owner/repo[/folder][@revision].")]
Out = Annotated[Path, typer.Argument(metavar="OUT", help="The new folder; it must not exist.")]
PatchEncoder = Annotated[
    bool, typer.Option("--patch-encoder", help="Pack the patch encoder too, not only the LLM.")
]


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """Name the models that are known to fit, and say which are on this machine."""
    from dotsbook.model.checkpoint import hub

    for name, about in hub.KNOWN:
        folder = hub.cached(hub.parse_hub_name(name))
        if as_json:
            emit({"model": name, "about": about, "folder": folder and str(folder)})
        else:
            console.print(f"{'here' if folder else '    '}  {name:<33} {about}", markup=False)


@app.command()
def pull(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A hub name: owner/repo[/folder][@revision].")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Fetch without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch a model from the hub, after showing its size, and check its hashes. Resumes what was interrupted."""
    from dotsbook.model.checkpoint import hub

    def announce(plan: hub.PullPlan) -> bool:
        if not as_json:
            size, missing = amount(plan.size), amount(plan.missing)
            console.print(
                f"{plan.source}: {len(plan.files)} files, {size}, of which {missing} to fetch", markup=False
            )
        if yes or not plan.missing:
            return True
        if as_json:
            raise ModelError(f"{plan.source} needs {amount(plan.missing)} fetched; add --yes to allow it.")
        return typer.confirm("Fetch it?", default=True)

    folder = hub.pull(model, announce=announce)
    if as_json:
        emit({"model": model, "folder": str(folder)})
    else:
        console.print(f"{model} is whole, in {folder}", markup=False)


@app.command()
def convert(
    source: Source,
    out: Out,
    dtype: Annotated[str | None, typer.Option(help="float32 or bfloat16; without it, as stored.")] = None,
    bits: Annotated[int | None, typer.Option(help="4 or 8: pack the language model.")] = None,
    patch_encoder: PatchEncoder = False,
    as_json: Json = False,
) -> None:
    """Write a model as one self-contained folder: no pickle, nothing to rearrange, hashed."""
    from dotsbook.model.checkpoint.convert import convert

    made(convert(source, out, dtype=dtype, bits=bits, patch_encoder=patch_encoder), as_json)


@app.command()
def quantize(
    source: Source,
    out: Out,
    bits: Annotated[int, typer.Option(help="4 or 8.")] = 8,
    dtype: Annotated[str, typer.Option(help="float32 or bfloat16, for the rest.")] = "bfloat16",
    patch_encoder: PatchEncoder = False,
    as_json: Json = False,
) -> None:
    """Pack a model's language model into 4 or 8 bits. The DiT is never packed: it would derail."""
    from dotsbook.model.checkpoint.convert import convert

    made(convert(source, out, dtype=dtype, bits=bits, patch_encoder=patch_encoder), as_json)


def made(folder: Path, as_json: bool) -> None:
    from dotsbook.model.checkpoint.fitness import info

    about = info(folder)
    if as_json:
        emit(about)
    else:
        console.print(
            f"{folder} holds {amount(about['bytes'])}, {about['precision']}{packing(about)}", markup=False
        )


@app.command()
def verify(
    model: Source,
    speak: Annotated[
        bool, typer.Option("--speak/--no-speak", help="Also speak a few patches with it.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Prove a model fit: compare hashes, look for broken numbers, place every tensor, speak a word."""
    from dotsbook.model.checkpoint.fitness import verify

    found = verify(model, speak=speak)
    if as_json:
        emit(found)
        return
    hashed = (
        f"{found['files']} hashes agree"
        if found["hashed"]
        else "no hashes to compare (folder has no hashes.json)"
    )
    spoken = f"; it spoke {found['seconds']:.2f} s" if found["seconds"] else ""
    console.print(f"{model} is fit: {hashed}; {found['tensors']} tensors in place{spoken}", markup=False)


@app.command()
def info(model: Source, as_json: Json = False) -> None:
    """Say what a model is: layout, solver, sizes, parameters, precision, licence."""
    from dotsbook.model.checkpoint.fitness import info

    about = info(model)
    if as_json:
        emit(about)
        return
    sizes, fixed = about["sizes"], " (fixed)" if about["steps_fixed"] else ""
    rows = (
        ("model", about["model"]),
        ("folder", about["folder"]),
        ("identity", about["identity"]),
        ("layout", about["layout"]),
        ("solver", f"{about['solver'].replace('_', ' ')}, {about['steps']} steps a patch{fixed}"),
        ("sound", f"{sizes['sample_rate']:,} Hz, patches of {sizes['patch_seconds'] * 1000:.0f} ms"),
        (
            "networks",
            ", ".join(
                f"{name} {sizes[key][0]} × {sizes[key][1]}"
                for name, key in (("LLM", "llm"), ("patch encoder", "patch_encoder"), ("DiT", "dit"))
            ),
        ),
        ("parameters", f"{sum(about['parameters'].values()):,}"),
        ("precision", about["precision"] + packing(about)),
        ("on disk", amount(about["bytes"])),
        ("licence", about["licence"]),
    )
    for what, found in rows:
        console.print(f"{what:<11} {found}", markup=False)


def packing(about: dict) -> str:
    packed = about["quantization"]
    return f", {' and '.join(packed['components'])} packed in {packed['bits']} bits" if packed else ""


def amount(size: int) -> str:
    """Bytes for a person."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
