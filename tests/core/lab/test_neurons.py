from playground.core.lab.neurons import grown, put, scored, with_weight
from playground.core.lab.page import default_page
from playground.core.lab.topics import Neuron


def test_a_page_begins_with_ten_neurons_of_two_inputs():
    state = default_page("neuron").state
    assert len(state.inputs) == 2
    assert [len(row) for row in state.weights] == [2] * 10
    assert len(state.biases) == 10
    assert state.weights[0] == (0.5, -1.0)
    assert len(set(state.weights)) > 5  # new ones are not all the same


def test_what_is_there_keeps_its_numbers_and_new_ones_come_from_the_seed():
    state = Neuron()
    more = grown(state, inputs=4, neurons=3)
    assert more.inputs[:2] == state.inputs
    assert more.weights[0][:2] == state.weights[0]
    assert more.biases[0] == state.biases[0]
    assert all(len(row) == 4 for row in more.weights)
    assert len(more.biases) == 3
    assert grown(state, inputs=4, neurons=3) == more
    assert grown(Neuron(seed=1), inputs=4, neurons=3).weights != more.weights
    assert grown(more, inputs=2, neurons=1) == state


def test_the_row_in_hand_stays_one_of_the_neurons():
    assert grown(Neuron(row=4), neurons=2).row == 1


def test_the_target_stays_one_of_the_scores():
    state = scored(Neuron(target=2), 2)
    assert state.scores == (2.0, 1.0)
    assert state.target == 1
    assert scored(state, 4).scores == (2.0, 1.0, 0.0, 0.0)


def test_one_number_is_another():
    assert put((1.0, 2.0, 3.0), 1, 9.0) == (1.0, 9.0, 3.0)
    assert with_weight(Neuron(weights=((1.0, 2.0), (3.0, 4.0)), biases=(0.0, 0.0)), 1, 0, 9.0).weights == ((1.0, 2.0), (9.0, 4.0))  # fmt: skip
