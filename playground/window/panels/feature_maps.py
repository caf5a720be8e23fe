"""The feature maps: what chosen layers make of one sample, and what the network takes it for."""

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QToolButton, QVBoxLayout, QWidget

from playground.core.datasets import DATASETS
from playground.core.drawing import DRAWING
from playground.core.messages import Picture, Watch
from playground.core.spec import PanelSpec
from playground.core.text import _
from playground.session.history import numbers
from playground.window.panels._layers import LayerBox, Numbered, numbered
from playground.window.panels._maps_view import MapsView, Section
from playground.window.panels._prediction_strip import PredictionStrip
from playground.window.panels._sample_chooser import SampleChooser
from playground.window.panels.base import AgeLine, Panel, toggle
from playground.window.scrolling import ScrollArea

ROOMY = 440  # px, below which not all controls have room
AT_ONCE = 2  # convolutions that are shown unless a layer is chosen


class FeatureMapsPanel(Panel):
    """Maps of the first convolutions, or of one chosen layer, for the document's sample."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._chosen: tuple[int, ...] | None = None
        self._own_scale = True
        self._sections: dict[str, tuple[Picture, Section]] = {}  # key of a watch -> what is shown of its newest picture
        self._own: QToolButton | None = None
        self.view, self.strip = MapsView(), PredictionStrip()
        scroll = ScrollArea(self.view, keyboard=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.age = AgeLine()
        layout.addWidget(self.age)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.strip)
        self.layer = LayerBox(_("Layer whose feature maps are shown"))
        self.after, self.sample = QComboBox(), SampleChooser()
        self.strip.put_right(self.sample)
        self._make_controls()
        session.document.sample_changed.connect(self.sample.set_value)

    def header_widgets(self) -> list[QWidget]:
        tip = _("Each map on its own scale from its smallest to its largest value; off: one scale for a layer")
        self._own = toggle(_("Scale each"), tip, True, self._set_own_scale)
        return [self._own, self.layer, self.after]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the title bar is short, the least needed control gives way."""
        super().resizeEvent(event)
        if self._own is not None:
            self._own.setVisible(self.width() >= ROOMY)
        self.sample.set_short(self.width() < ROOMY)
        self.strip.place_control()

    def watches(self) -> tuple[Watch, ...]:
        sample = self.session.document.sample
        return (*(self._watch(one) for one in self._shown()), Watch("prediction", {"sample": sample}))

    def refresh(self) -> None:
        training, document = self.session.training, self.session.document
        layers = numbered(document.project)
        entries: list[tuple[str, Any]] = [(_("convolutions"), None)]
        entries += [(one.title, list(one.path)) for one in layers]
        self.layer.fill(entries, list(self._chosen or ()) or None)
        prediction = training.picture(Watch("prediction", {"sample": document.sample}))
        source = numbers(prediction.arrays["input"]) if prediction and "input" in prediction.arrays else None
        self._sections = {key: found for key, found in map(self._section, self._shown()) if found is not None}
        sections = [section for _picture, section in self._sections.values()]
        self.view.show_maps(source, sections, self._own_scale, self._why_empty())
        self.strip.show_prediction(prediction, document.project.data.dataset)
        if prediction is not None and "total" in prediction.facts:
            self.sample.set_total(prediction.facts["total"])
        self._describe(prediction)

    def dress(self) -> None:
        self.view.recolor()
        self.strip.update()

    def _make_controls(self) -> None:
        self.layer.activated.connect(self._choose)
        self.after.setAccessibleName(_("Whether maps are shown after the activation that follows"))
        for text, data in ((_("activated"), "activation"), (_("raw output"), "layer")):
            self.after.addItem(text, data)
        self.after.activated.connect(self.rewatch)
        self.sample.set_value(self.session.document.sample)
        self.sample.chosen.connect(self.session.document.set_sample)

    def _shown(self) -> list[Numbered]:
        layers = numbered(self.session.document.project)
        chosen = [one for one in layers if one.path == self._chosen]
        return chosen or [one for one in layers if one.spec.maps][:AT_ONCE]

    def _watch(self, layer: Numbered) -> Watch:
        options = {"layer": list(layer.path), "sample": self.session.document.sample}
        return Watch("feature_maps", {**options, "after": self.after.currentData()})

    def _section(self, layer: Numbered) -> tuple[str, tuple[Picture, Section] | None]:
        """The same section as before where the picture is."""
        watch = self._watch(layer)
        picture, kept = self.session.training.picture(watch), self._sections.get(watch.key)
        if picture is None or "maps" not in picture.arrays:
            return watch.key, None
        maps = numbers(picture.arrays["maps"])
        shape = "×".join(map(str, (picture.facts.get("total", len(maps)), *maps.shape[1:])))
        title = f"{layer.title}  {shape}"
        same = kept is not None and kept[0] is picture and kept[1].title == title
        return watch.key, kept if same else (picture, Section(title, maps))

    def _why_empty(self) -> str:
        report = self.session.client.report
        if report is not None and not report.fits:
            return _("Feature maps appear once the network fits.")
        if self._shown():
            return _("Looking at the sample …")
        if numbered(self.session.document.project):
            return _("No layer of this network makes maps. Add a convolution, or choose one of the layers above.")
        return _("Add a convolution to see what it makes of a sample.")

    def _describe(self, prediction: Any) -> None:
        training, sample = self.session.training, self.session.document.sample
        old = next((watch for watch in self.watches() if training.is_from_before(watch)), None)
        self.age.show_age(training.picture(old) if old is not None else None)
        if old is None and training.project is not None and not training.shows_run and training.frame is not None:
            self.set_subtitle(_("untrained, after the edit"))
        elif sample == DRAWING:
            self.set_subtitle(_("of your drawing"))
        elif prediction is not None and "label" in prediction.facts:
            text = _("of test sample {sample:,}, label {label}")
            self.set_subtitle(text.format(sample=sample, label=self._name(prediction.facts["label"])))
        else:
            self.set_subtitle("")

    def _name(self, label: Any) -> str:
        spec = DATASETS.get(self.session.document.project.data.dataset)
        named = spec is not None and isinstance(label, int) and 0 <= label < len(spec.classes)
        return spec.classes[label] if spec is not None and named else f"{label}"

    def _set_own_scale(self, on: bool) -> None:
        self._own_scale = on
        self.request_refresh()

    def _choose(self, _row: int) -> None:
        chosen = self.layer.currentData()
        self._chosen = tuple(chosen) if chosen is not None else None
        self.rewatch()


SPEC = PanelSpec(
    name="feature_maps", title=_("Feature maps"), make=FeatureMapsPanel, area="bottom", order=40, lab=("convolution",)
)
