"""The feature maps panel."""

import pytest
from PySide6.QtGui import QFontMetrics

from playground.core.edit import InsertLayers, RemoveLayers
from playground.core.layer import Layer
from playground.core.report import Report
from playground.window.panels.feature_maps import FeatureMapsPanel
from playground.window.theme import theme
from tests.window.frame import lenet_report, show_report
from tests.window.panels.feed import feed, make_misfit, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.mark.parametrize(("layers", "said"), [(("Linear",), "No layer of this network makes maps"), ((), "Add a conv")])
def test_a_network_without_maps_is_told_what_makes_some(panel, layers, said):
    paths = tuple((number,) for number in range(len(panel.session.document.project.network)))
    network = tuple(Layer(name, {"out_features": 1}) for name in layers)
    panel.session.document.apply(RemoveLayers(paths), InsertLayers((0,), network))
    show_report(panel.session, Report(input_shape=(64,), rows=()))
    settle()
    assert panel._why_empty().startswith(said)


@pytest.fixture
def panel(session, qtbot) -> FeatureMapsPanel:
    show_report(session, lenet_report(session.document.project))
    made = FeatureMapsPanel(session)
    qtbot.addWidget(made)
    made.resize(520, 380)
    made.show()
    settle()
    return made


def layers_watched(panel: FeatureMapsPanel) -> list:
    return [watch.options["layer"] for watch in panel.watches() if watch.probe == "feature_maps"]


def test_the_first_two_convolutions_and_the_prediction_are_watched(panel):
    assert layers_watched(panel) == [[0], [3]]
    assert panel.watches()[-1].probe == "prediction"


def test_maps_and_prediction_of_a_frame_are_shown(panel):
    feed(panel.session, 20)
    assert [section.maps.shape for section in panel.view._sections] == [(6, 30, 30), (16, 13, 13)]
    assert panel.strip.sentence() == "prediction: 3, probability 91.0 %"


def test_another_sample_is_asked_for_and_chosen_in_the_document(panel):
    feed(panel.session, 20)
    panel.sample._go(7)
    assert panel.session.document.sample == 7
    assert all(watch.options["sample"] == 7 for watch in panel.watches())
    panel.session.document.set_sample(3)
    assert panel.sample.value == 3


def test_a_chosen_layer_is_shown_alone(panel):
    settle()
    row = next(row for row in range(panel.layer.count()) if panel.layer.itemData(row) == [7])
    panel.layer.setCurrentIndex(row)
    panel.layer.activated.emit(row)
    feed(panel.session, 20)
    assert layers_watched(panel) == [[7]]
    assert panel.view._sections[0].maps.shape == (120,)


def test_the_pointer_reads_a_value(panel):
    feed(panel.session, 20)
    place = panel.view._placed[1]
    from PySide6.QtCore import QPointF

    first = QPointF(place.left + 1, place.top + 1)
    assert panel.view._value_at(place, first) == f"[0,0,0]  {place.section.maps[0, 0, 0]:.3f}"


def test_after_an_edit_that_does_not_fit_the_last_maps_stay_and_say_so(panel):
    feed(panel.session, 422)
    make_misfit(panel.session)
    assert [section.maps.shape for section in panel.view._sections] == [(6, 30, 30), (16, 13, 13)]
    assert panel.strip.sentence()
    assert panel.age.isVisible()
    assert panel.age.text() == "from step 422, before the edit"
    panel.session.document.undo_stack.undo()
    settle()
    assert not panel.age.isVisible()


@pytest.mark.parametrize(
    ("width", "said"), [(520, "prediction: 3, probability 91.0 %"), (374, "prediction: 3, 91.0 %"), (282, "3, 91.0 %")]
)
def test_a_narrow_panel_says_the_prediction_in_fewer_words(panel, width, said):
    panel.resize(width, 300)
    feed(panel.session, 20)
    metrics, room = QFontMetrics(theme().font("small")), panel.strip._text_width()
    fitting = [one for one in panel.strip._wordings(right=True) if metrics.horizontalAdvance(one) <= room]
    assert fitting[0] == said
    panel.strip.grab()
