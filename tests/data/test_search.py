from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from data.night import Night
from data.records import Memory, Turn
from data.store import Store
from data.store.search import CANDIDATES, DIMENSIONS, Document, Index, without_names
from data.store.turn_search import TurnSearch
from data.terms import stem, terms

NIGHT = Night(date(2026, 10, 5), "UTC")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store.duckdb") as opened:
        yield opened


def documents(*texts):
    return [Document(f"d{i}", ((text, 1.0),), text) for i, text in enumerate(texts)]


def index_of(store, *texts):
    index = Index(store.connection, "memory")
    index.sync(documents(*texts))
    return index


def refs(hits):
    return [ref for ref, _ in hits]


def meaning(groups):
    """An embedding in which the words of one group mean the same; other words mean nothing."""
    axes = {word: i for i, group in enumerate(groups) for word in group.split()}

    def embed(texts):
        vectors = np.full((len(texts), DIMENSIONS), 1e-4, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().replace(".", "").split():
                if word in axes:
                    row[axes[word] :: len(groups)] += 1
        return vectors

    return embed


@pytest.mark.parametrize(
    "forms",
    ["adopt adopted adopting", "city cities", "bake baking baked", "buy bought buying", "go went gone",
     "run running ran runs", "study studies studied", "mother mom mum", "move moving moved", "class classes"],
)  # fmt: skip
def test_inflections_share_a_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["need nee", "bed b", "king k", "university universe", "news new"])
def test_different_words_keep_different_stems(pair):
    first, second = pair.split()
    assert stem(first) != stem(second)


def test_stop_words_say_nothing():
    assert terms("What is the name of my dog?") == ["nam", "dog"] and terms("it is what it is") == []


def test_the_document_with_the_asked_words_comes_first(store):
    index = index_of(store, "My dog is called Bramble.", "My cat is called Rex.", "I live in Lisbon.")
    assert refs(index.search("what is my dog called", 3))[0] == "d0"


def test_rare_words_weigh_more_than_common_ones(store):
    index = index_of(store, "The dog likes the park.", "The dog likes the lake.", "The dog fears Zanzibar.")
    assert refs(index.search("dog Zanzibar", 1)) == ["d2"]


def test_more_matches_than_candidates_are_cut_after_the_best_and_the_first(store):
    index = index_of(store, *["a dog on a long walk in the park"] * CANDIDATES, "dog", "dog dog dog")
    hits = index.search("dog", CANDIDATES)
    assert refs(hits)[:2] == [f"d{CANDIDATES + 1}", f"d{CANDIDATES}"]
    assert set(refs(hits)[2:]) == {f"d{i}" for i in range(CANDIDATES - 2)}
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)


def test_a_word_no_document_has_lowers_nothing(store):
    index = index_of(store, "My dog is called Bramble.", "I live in Lisbon.")
    assert index.search("dog quetzalcoatl", 5) == index.search("dog", 5)


def test_at_most_k_results_and_ties_in_a_fixed_order(store):
    index = index_of(store, *["The same sentence."] * 5)
    assert refs(index.search("same sentence", 3)) == ["d0", "d1", "d2"]


@pytest.mark.parametrize(
    "query", ["", "the of and", "quetzalcoatl", "'; DROP TABLE memory_docs; --", "\0 ? $1"]
)
def test_queries_without_known_words_find_nothing_and_break_nothing(store, query):
    index = index_of(store, "My dog is called Bramble.")
    assert index.search(query, 5) == []
    assert refs(index.search("dog", 5)) == ["d0"]


def test_sync_follows_changes_and_removals(store):
    index = index_of(store, "My dog is called Bramble.", "I live in Lisbon.")
    changed = [replace(documents("My cat is called Rex.")[0], ref="d0")]
    assert index.sync(changed) == 2
    assert index.sync(changed) == 0
    assert index.search("dog Lisbon", 5) == [] and refs(index.search("cat", 5)) == ["d0"]


def test_meaning_finds_what_words_miss(store):
    index = index_of(store, "My canine is asleep.", "My sofa is red.", "I own a kettle.")
    embed = meaning(["dog canine", "sofa couch", "kettle"])
    assert index.search("dog", 3) == []
    assert index.embed(embed) == 3 and index.embed(embed) == 0
    assert refs(index.search("dog", 3, embed=embed))[0] == "d0"
    assert refs(index.search("couch", 3, embed=embed))[0] == "d1"


def test_vectors_of_removed_documents_are_gone(store):
    index = index_of(store, "My canine is asleep.")
    index.embed(meaning(["dog canine"]))
    index.sync([])
    assert store.connection.execute("SELECT count(*) FROM memory_vectors").fetchall() == [(0,)]
    assert index.search("dog", 3, embed=meaning(["dog canine"])) == []


def test_memory_search_returns_active_memories_only(store):
    def memory(key, text, state="new"):
        return Memory(key, text, "", "", "", NIGHT.date, ("t",), state=state)

    store.memories.replace_night(
        NIGHT, [memory("a", "My dog is Rex.", "superseded"), memory("b", "My dog is Bramble.")], []
    )
    assert [m.id for m, _ in store.memories.search("dog")] == ["b"]


def turns(*said, conversation="c", start=datetime(2026, 10, 5, 12, tzinfo=UTC)):
    return [
        Turn("s", conversation, str(i), "user", text, start + timedelta(minutes=i), speaker=speaker)
        for i, (speaker, text) in enumerate(said)
    ]


def found(store, query, said, k=1):
    search = TurnSearch(store)
    search.sync(said)
    return [ref.split(":")[2] for ref, _ in search.search(query, k)]


def test_an_answer_is_found_by_the_words_of_its_question(store):
    talk = turns(
        ("Ann", "Lovely weather again."),
        ("Bob", "Which instrument do you play?"),
        ("Ann", "The cello, since school."),
        ("Bob", "Great."),
        ("Ann", "Bye for now."),
    )
    assert "2" in found(store, "Which instrument does Ann play?", talk, k=2)


def test_words_do_not_leak_into_another_conversation(store):
    search = TurnSearch(store)
    search.sync(
        [*turns(("Ann", "I play the cello.")), *turns(("Bob", "Nice weather."), conversation="other")]
    )
    assert refs(search.search("cello", 5)) == ["s:c:0"]


def test_a_named_speaker_is_preferred(store):
    idle = [("Cid", "Hm.")] * 3
    talk = turns(("Ann", "I adopted a puppy."), *idle, ("Bob", "I adopted a puppy."))
    assert found(store, "Who adopted a puppy, Bob?", talk) == ["4"]
    assert found(store, "What did Ann adopt?", talk) == ["0"]


def test_a_question_for_the_time_prefers_turns_that_name_one(store):
    talk = turns(
        ("Ann", "I saw the museum twice."),
        ("Bob", "Hm."),
        ("Bob", "Hm."),
        ("Bob", "Hm."),
        ("Ann", "I saw the museum yesterday."),
    )
    assert found(store, "When was the museum visited?", talk) == ["4"]


def test_names_are_taken_out_as_whole_words():
    assert without_names("What did Ann's anniversary cost Ann?", ["Ann"]) == "What did anniversary cost ?"
    assert without_names("What?", [""]) == "What?"
