from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from data.errors import BackendError
from models import embedding


def test_without_the_package_search_says_so_and_embedding_refuses(monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(embedding, "files", absent)
    embedding._loaded.cache_clear()
    assert "not installed" in embedding.missing()
    with pytest.raises(BackendError, match="not installed"):
        embedding.embed(["hello"])


@pytest.mark.skipif(bool(embedding.missing()), reason="the embedding package is not installed")
def test_texts_of_one_meaning_are_near_whatever_their_length_and_order():
    texts = ["I own a puppy.", "My salary rose by ten percent.", "We have a young dog at home. " * 3]
    vectors = embedding.embed(texts)
    assert vectors.shape == (3, embedding.DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1] + 0.2
    assert np.allclose(embedding.embed(texts[::-1])[::-1], vectors, atol=1e-4)
    assert embedding.embed([]).shape == (0, embedding.DIMENSIONS)
