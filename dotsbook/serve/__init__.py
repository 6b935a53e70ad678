"""The server: a book's voices by OpenAI's /v1/audio/speech, for other programs. Needs the extra `serve`."""
