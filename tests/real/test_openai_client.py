"""OpenAI's own client against our server."""

import io

import soundfile

import dotsbook
from dotsbook.serve.running import serving
from tests.production.conftest import make


def test_openai_s_client_lists_voices_and_hears_a_line(tmp_path, monkeypatch):
    from openai import BadRequestError, OpenAI

    monkeypatch.delenv("DOTSBOOK_SERVE_TOKEN", raising=False)
    with dotsbook.open(make(tmp_path / "book")) as book, serving(book) as address:
        client = OpenAI(base_url=address, api_key="none", max_retries=0)
        assert [model.id for model in client.models.list()] == ["syllables"]
        line = {"model": "tts-1", "input": "The boat left at half past six.", "response_format": "wav"}
        whole = client.audio.speech.create(voice="mara", **line).content
        samples, rate = soundfile.read(io.BytesIO(whole))
        assert rate > 8000 and len(samples) / rate > 1
        with client.audio.speech.with_streaming_response.create(
            voice="mara", extra_body={"stream": True}, **(line | {"response_format": "pcm"})
        ) as answer:
            assert sum(map(len, answer.iter_bytes())) > 10_000
        try:
            client.audio.speech.create(voice="nobody", **line)
        except BadRequestError as error:
            assert "There is no voice 'nobody'" in str(error)
        else:
            raise AssertionError("a voice that isn't there was spoken")
