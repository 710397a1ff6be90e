"""The tokenizer of a base, and the proof that it and the chat template agree with llama.cpp.

Training reads the Hugging Face tokenizer, serving reads the one inside the GGUF. If they split one
text differently, the served model meets prompts it was never trained on, so every base is checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.errors import BackendError, ModelFileError
from data.records import Message
from models.gguf_file import GgufFile

_CONTROL, _USER_DEFINED = 3, 4
_DIGIT_BY_DIGIT = ("smollm", "refact", "command-r", "starcoder")
_WHOLE_WORDS = ("gpt-2", "gpt2")

BATTERY = (
    "The dog is called Bramble and it likes long walks.",
    "  two  spaces,\ttabs\n\nand blank lines \n ",
    "In 2026 I paid 1,234.50 for 3 tickets; call 00442079460000 at 07:45.",
    "x²+½=Ⅷ and ٣٤٥ and १२३ and 12345678901234567890",
    "def f(x: int) -> str:\n    return f'{x:>08.3f}'  # 0xFF\n\tif not x: pass",
    '{"key": [1, 2.5e-3, null], "path": "C:\\\\temp\\\\a b.txt"}',
    "I'll can't we've THEY'RE o'clock 'tis rock'n'roll",
    "Zosia mieszka w Łodzi, naïve café, Straße, Ελληνικά, русский текст",
    "日本語のテキスト、中文文本。한국어 ไทย العربية עברית हिन्दी",
    "emoji 🐕‍🦺 👩‍👩‍👧‍👦 🇵🇱 ❤️ and \u200bzero\u200dwidth \u00a0spaces\u3000",
    "e\u0301 versus é, ﬁ ligature, Ｆｕｌｌ ｗｉｄｔｈ, \ufeffmark",
    "<b>bold</b> &amp; https://example.org/a?b=1&c=%20#d user@example.org",
    "----====____....!!!!???? ~~ ``` *** ## >>> <<< ||| \\\\",
    "\r\nWindows line\r\nends\rhere",
)
CONVERSATIONS: tuple[tuple[Message, ...], ...] = (
    (Message("user", "What is my dog called?"),),
    (Message("system", "You are a helpful assistant."), Message("user", "What is my dog called?")),
    (
        Message("user", "Hi! I'm Åsa.\nI moved on 3 May 2026."),
        Message("assistant", "Welcome, Åsa."),
        Message("user", "  Where do I live?  "),
    ),
    (
        Message("system", "You remember what this user told you."),
        Message("user", "2 + 2?"),
        Message("assistant", "4"),
        Message("user", 'Write {"a": 1} as <xml>, please 🐕'),
    ),
)


def tokenizer_from_gguf(file: GgufFile) -> Any:
    """A fast Hugging Face tokenizer built from a GGUF's own vocabulary, merges and special tokens.

    transformers' conversion drops the pre-tokenizer and mistakes the special tokens, so byte-level BPE
    vocabularies are assembled here; others go through transformers and are judged by `prove`. Bytes that
    have no token of their own (a few controls) vanish on both sides but may merge their neighbours here.
    """
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    if file.value("tokenizer.ggml.model") != "gpt2" or _pre(file) is None:
        folder, name = str(file.path.parent), file.path.name
        return AutoTokenizer.from_pretrained(folder, gguf_file=name, local_files_only=True)
    tokens = file.value("tokenizer.ggml.tokens")
    special = {
        f"{name}_token": tokens[number]
        for name, key in (("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("pad", "padding"))
        if (number := file.value(f"tokenizer.ggml.{key}_token_id")) is not None
    }
    return PreTrainedTokenizerFast(
        tokenizer_object=_byte_level(file, tokens, special.get("bos_token")),
        chat_template=file.value("tokenizer.chat_template"),
        model_max_length=context_length(file),
        clean_up_tokenization_spaces=False,
        **special,
    )


def context_length(file: GgufFile) -> int:
    """Tokens of context the model was trained for."""
    architecture = file.value("general.architecture")
    return int(file.value(f"{architecture}.context_length") or 2048)


def _pre(file: GgufFile) -> str | None:
    name = file.value("tokenizer.ggml.pre") or "gpt-2"
    return name if name in _DIGIT_BY_DIGIT + _WHOLE_WORDS else None


def _byte_level(file: GgufFile, tokens: Sequence[str], bos: str | None) -> Any:
    """Byte-level BPE with GPT-2's word pattern, numbers split into digits where the model wants that."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors

    merges = [tuple(line.split(" ", 1)) for line in file.value("tokenizer.ggml.merges")]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, fuse_unk=False, byte_fallback=False))
    steps: list[Any] = [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    if _pre(file) in _DIGIT_BY_DIGIT:
        steps.insert(0, pre_tokenizers.Split(Regex(r"\p{N}"), behavior="isolated"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    kinds = file.value("tokenizer.ggml.token_type") or []
    added = [
        AddedToken(token, special=kind == _CONTROL, normalized=False)
        for token, kind in zip(tokens, kinds, strict=False)
        if kind in (_CONTROL, _USER_DEFINED)
    ]
    tokenizer.add_tokens(added)
    if bos and file.value("tokenizer.ggml.add_bos_token"):
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{bos} $A", pair=f"{bos} $A $B", special_tokens=[(bos, vocabulary[bos])]
        )
    return tokenizer


def load_tokenizer(hf: Path) -> Any:
    """The tokenizer that training will load from a model directory."""
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(str(hf), local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelFileError(f"The tokenizer in {hf} does not load ({error}). Fetch it again.") from error


def prove(
    hf: Path, gguf: Path, *, system_role: bool = True, arguments: Mapping[str, Any] | None = None
) -> dict[str, int]:
    """Show that training and serving see the same token ids, for plain text and for rendered chats.

    Compares `load_tokenizer(hf)` with llama.cpp's server on `gguf`; returns how much was compared.
    BackendError shows the first text that differs.
    """
    from models.server import serve_model

    tokenizer, extra = load_tokenizer(hf), dict(arguments or {})
    texts = [*BATTERY, *_special_texts(tokenizer)]
    chats = [chat for chat in CONVERSATIONS if system_role or chat[0].role != "system"]
    with serve_model(gguf, alias="base", context=512, parallel=1, threads=1) as server:
        for text in texts:
            ours = tokenizer.encode(text, add_special_tokens=False)
            _same(text, ours, _post(server, "/tokenize", {"content": text, "parse_special": True})["tokens"])
        for chat in chats:
            messages = [{"role": message.role, "content": message.content} for message in chat]
            rendered = tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=True, **extra
            )
            ours = tokenizer.encode(rendered, add_special_tokens=False)
            body = {"messages": messages, "chat_template_kwargs": extra}
            prompt = _post(server, "/apply-template", body)["prompt"]
            request = {"content": prompt, "add_special": True, "parse_special": True}
            _same(rendered, ours, _post(server, "/tokenize", request)["tokens"])
    return {"texts": len(texts), "chats": len(chats)}


def _special_texts(tokenizer: Any) -> list[str]:
    added = [str(token) for token in tokenizer.added_tokens_decoder.values()][:24]
    return [f"before{token} after {token}{token}\n{token}x" for token in added]


def _same(text: str, ours: Sequence[int], theirs: Sequence[int]) -> None:
    if list(ours) != list(theirs):
        raise BackendError(
            f"The tokenizer of this base and llama.cpp split {text!r} differently "
            f"({list(ours)[:12]} and {list(theirs)[:12]}). A model trained with one and served with the "
            "other would not work; use a Hugging Face directory and a GGUF of the same release."
        )


def _post(server: Any, route: str, body: Mapping[str, Any]) -> dict[str, Any]:
    import httpx

    try:
        reply = httpx.post(server.url + route, json=dict(body), headers=server.headers, timeout=60)
        reply.raise_for_status()
    except httpx.HTTPError as error:
        raise BackendError(f"llama.cpp could not check the base's chat template ({error}).") from error
    value: dict[str, Any] = reply.json()
    return value
