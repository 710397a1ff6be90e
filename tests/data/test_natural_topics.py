"""Questions by topic: money, sizes, deadlines, belongings, nations, presents, pursuits."""

import pytest

from models.dream_told import asks
from models.dreamer import dream
from tests.models.telling import S, tell


def asked(statement):
    return {ask.question for memory in tell(statement) for ask in asks(memory)}


@pytest.mark.parametrize(
    ("statement", "questions"),
    [
        ("My salary is 38k before tax.", {"How much do I earn?", "What is my salary?"}),
        ("I earn 2,400 euros a month.", {"What is my salary?", "How much do I earn a month?"}),
        ("I pay 750 pounds in rent.", {"How much rent do I pay?", "How much is my rent?"}),
        ("I paid 300 euros for my bike.", {"How much did my bike cost?"}),
        ("I sold my car for 4,000 euros.", {"How much did I get for my car?"}),
        ("I spend 60 euros a week on groceries.", {"How much do I spend on groceries?"}),
        ("I harvested 12 kilos of honey.", {"How much honey did I harvest?"}),
        ("I sold 40 jars of jam.", {"How many jars of jam did I sell?"}),
        ("I eat 2 kg chicken a week.", {"How much chicken do I eat a week?"}),
        ("My boots are size 43.", {"What size are my boots?"}),
        ("My shoe size is 43.", {"What size shoes do I wear?"}),
        ("My team has five people.", {"How big is my team?", "How many people are in my team?"}),
        ("My commute takes 40 minutes.", {"How long is my commute?"}),
        ("My application closes on Friday.", {"What is the deadline for my application?"}),
        ("My lease ends on 30 June.", {"When does my lease end?", "Until when does my lease run?"}),
        ("My car insurance renews on 28 Feb.", {"When is my car insurance due?"}),
        ("My essay is due on Monday.", {"When is my essay due?", "When do I have to hand in my essay?"}),
        ("My wife is due on 11 November.", {"What is my wife's due date?", "When is my wife's baby due?"}),
        ("My niece turns six in August.", {"When does my niece turn six?", "How old is my niece turning?"}),
        ("My name day is 15 December.", {"When is my name day?"}),
        ("My heat pump is a Vaillant.", {"What make is my heat pump?", "What brand is my heat pump?"}),
        ("My dad's guitar is a Fender.", {"What guitar does my dad have?", "What make is my dad's guitar?"}),
        ("I use a salbutamol inhaler.", {"Which inhaler do I use?"}),
        ("I have an hgv licence.", {"Which licence do I hold?"}),
        ("I have a tattoo of a fox on my arm.", {"What is my tattoo of?", "Where is my tattoo?"}),
        ("My mug has a badger on it.", {"What is on my mug?"}),
        ("I use Firefox.", {"Which browser do I use?"}),
        ("My wifi password is on the fridge.", {"Where is my wifi password?"}),
        ("I have a subscription to The Lancet.", {"What do I subscribe to?"}),
        ("My father is Azorean.", {"Where is my father from?", "What nationality is my father?"}),
        ("My first language is Estonian.", {"What is my mother tongue?", "What is my native language?"}),
        ("I support Sparta Rotterdam.", {"Which club do I support?"}),
        ("I met my husband at a wedding.", {"How did I meet my husband?"}),
        ("My wife and I met at a ceilidh.", {"Where did I meet my wife?"}),
        ("I got my rabbit in May from a neighbour.", {"Who did I get my rabbit from?"}),
        ("I gave my old laptop to my nephew.", {"What did I give my nephew?", "Who got my old laptop?"}),
        ("I turned down a job offer from Kestrel Bank.", {"Whose job offer did I turn down?"}),
        ("My son plays Joseph in the nativity play.", {"What role does my son play?"}),
        ("I run 10 km every Sunday.", {"How far do I run?"}),
        ("I walk 8,000 steps a day.", {"How many steps do I walk a day?"}),
        ("I owe my brother 200 euros.", {"How much do I owe my brother?", "Who do I owe money to?"}),
        ("My notice period is three months.", {"How long is my notice period?"}),
        (
            "My daughter can't stand raisins.",
            {"What can't my daughter stand?", "What does my daughter hate?"},
        ),
        ("I gave my sister a scarf.", {"What did I give my sister?", "Who did I give a scarf to?"}),
        ("My son is on the football team.", {"Which team is my son on?"}),
        ("I sing second soprano.", {"What part do I sing?"}),
        ("I am on a low carb diet.", {"What diet am I on?"}),
        ("I drink chicory instead of coffee.", {"What do I drink instead of coffee?"}),
        ("I don't like liver.", {"What food do I dislike?"}),
        ("I used to play prop.", {"What did I use to play?"}),
        ("I failed my driving test three times.", {"How many times did I fail my driving test?"}),
        ("My brother is in the navy.", {"What does my brother do for a living?"}),
        ("My train leaves from platform 9.", {"Which platform does my train leave from?"}),
    ],
)
def test_each_topic_is_asked_for_as_people_ask(statement, questions):
    assert questions <= asked(statement)


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("My application closes on Friday.", "What date is my application closes?"),
        ("My father is Azorean.", "What is my father called?"),
        ("My niece turns six in August.", "How old is my niece?"),
        ("I sold 40 jars of jam.", "How many jars did I sell of jam?"),
        ("I subscribe to New Scientist.", "Where do I subscribe?"),
        ("I used to play the violin.", "Which instrument did I use?"),
        ("I grew up speaking Frisian.", "What did I grow up?"),
        ("I write in Catalan and English.", "Where do I write?"),
        ("My neighbour's dog is a Labrador.", "What kind of pet do I have?"),
        ("My aunt and I met in Graz.", "Where did I meet my aunt?"),
        ("I met my wife in Lisbon.", "How did I meet my wife?"),
        ("I am half Danish.", "Where am I from?"),
        ("My commute is 40 minutes.", "What is my commute?"),
        ("I make 15 an hour.", "What is my salary?"),
        ("My dog is Belgian.", "What breed is my dog?"),
        ("My son is on the football team.", "Where is my son?"),
        ("My holiday allowance is 25 days.", "How old is my holiday allowance?"),
        ("My coat is from a charity shop.", "Where did my coat grow up?"),
        ("My partner and I met online.", "Who did my partner and I meet?"),
        ("I wear a hearing aid.", "Which aid do I wear?"),
    ],
)
def test_what_a_statement_does_not_answer_is_not_asked(statement, question):
    assert question not in asked(statement)


def test_a_nationality_is_no_name_unless_it_is_said_to_be_one():
    assert [m.statement for m in tell("My wife is Brazilian.")] == ["My wife is Brazilian."]
    assert [m.relation for m in tell("My cat is called Persian.")] == ["name"]


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("I support animal rights.", "team"),
        ("I use crickets as bait.", "sport"),
        ("I do like chocolate.", "do i do"),
    ],
)
def test_what_was_not_told_is_not_asked(text, never):
    assert not any(never in d.question.casefold() for d in dream(tell(text), 1, S) if d.memory_ids)


def test_a_large_firm_may_be_any_of_them():
    dreams = dream(tell("I work for a large firm."), 1, S)
    assert not any("no" in d.accept and "not" not in d.question for d in dreams if d.memory_ids)
