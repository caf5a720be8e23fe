"""The page "Recipe" of the form: loss, optimizer, schedule, and what else says how the network learns."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QLabel

from playground.core.arguments import fault_of
from playground.core.class_weights import with_option
from playground.core.devices import chosen_device
from playground.core.edit import SetRecipe
from playground.core.losses import LOSSES
from playground.core.optimizers import OPTIMIZERS
from playground.core.recipe import Recipe
from playground.core.schedules import SCHEDULES
from playground.core.spec import Argument
from playground.core.text import _
from playground.session.session import Session
from playground.window.class_weights import WeightsSheet
from playground.window.field_grid import FieldGrid
from playground.window.form_page import FIELD, Page
from playground.window.rate_curve import RateCurve
from playground.window.scrolling import BAR

OFF, STAYS = "off", "stays"
FIRST = 4  # arguments that stand above those of the optimizer
RECIPE_ARGUMENTS = (
    Argument(name="loss", kind="choice", default=Recipe().loss, choices=tuple(LOSSES), help=_("is what a step makes smaller")),
    Argument(name="optimizer", kind="choice", default="SGD", choices=tuple(OPTIMIZERS), help=_("is the rule of a step")),
    Argument(name="epochs", kind="int", default=Recipe().epochs, low=1, high=1_000_000, help=_("is how often the network sees every sample")),
    Argument(name="seed", kind="int", default=Recipe().seed, low=0, help=_("is the one source of randomness; the same seed gives the same run")),
    Argument(name="schedule", kind="choice", default=STAYS, choices=(STAYS, *SCHEDULES), help=_("is how the learning rate changes while the network learns")),
    Argument(
        name="patience", kind="int", default=OFF, low=0, high=1_000_000, choices=(OFF,), unit=_("epochs"),
        help=_("ends the training after so many epochs without a lower loss on the validation part (the test part, where there is none), and brings back the best weights; or off"),
    ),
    Argument(name="l1", kind="float", default=0.0, low=0, high=10, help=_("pulls every weight towards zero by the same amount, so that many become zero; the loss that is shown is without it")),
    Argument(
        name="clip_norm", kind="float", default=OFF, low=0, open_low=True, choices=(OFF,),
        help=_("is the most that all slopes of a step may be long together; longer ones are shortened; or off"),
    ),
    Argument(name="precision", kind="choice", default="float32", choices=("float32", "bfloat16", "float16"), help=_("is that of the forward pass; bfloat16 has fewer digits, float16 no large numbers, so its loss is scaled; both are faster where the device computes in them")),
)  # fmt: skip

Changes = Callable[[dict[str, Any]], dict[str, Any]]
Joined = Callable[[dict[str, Any], str, Any], dict[str, Any]]


class Settings:
    """The arguments of what was chosen: a heading, and a field each. Made anew when another one is chosen.

    changes: pinned arguments -> fields of the recipe;  joined: pinned arguments, one more and its value -> all of them
    """

    def __init__(
        self,
        page: "RecipePage",
        heading: str,
        changes: Changes,
        joined: Joined = lambda old, key, one: {**old, key: one},
    ) -> None:
        self._page, self._words, self._changes, self._joined = page, heading, changes, joined
        self._name: str | None = None
        self._pinned: dict[str, Any] = {}
        self.grid: FieldGrid | None = None
        self._heading = QLabel()
        self._heading.setProperty("role", "tick")
        self._heading.setContentsMargins(16, 8, 12 - BAR, 2)
        page.box.addWidget(self._heading)

    def show(self, name: str, arguments: tuple[Argument, ...], pinned: Mapping[str, Any]) -> None:
        """name: of what was chosen"""
        self._pinned = dict(pinned)
        if name != self._name:
            self._name = name
            self._make(name, arguments)
        if self.grid is not None:
            self.grid.show_values({one.name: one.default for one in arguments}, pinned)

    def _make(self, name: str, arguments: tuple[Argument, ...]) -> None:
        if self.grid is not None:
            self._page.layout().removeWidget(self.grid)
            self.grid.hide()
            self.grid.deleteLater()
            self.grid = None
        self._heading.setText(self._words.format(name=name))
        self._heading.setVisible(bool(arguments))
        if arguments:
            self.grid = grid = FieldGrid()
            for argument in arguments:
                grid.add(argument)
            grid.set_requested.connect(lambda key, value: self._change(self._joined(self._pinned, key, value)))
            grid.release_requested.connect(self._on_released)
            grid.open_requested.connect(self._page.edit_weights)
            grid.entered.connect(lambda key: self._page.enter(next(one for one in arguments if one.name == key)))
            self._page.box.insertWidget(self._page.box.indexOf(self._heading) + 1, grid)
        self._page.resized.emit()

    def _on_released(self, key: str) -> None:
        self._change({name: value for name, value in self._pinned.items() if name != key})

    def _change(self, pinned: dict[str, Any]) -> None:
        self._page.attempt(SetRecipe(self._changes(pinned)))


class RecipePage(Page):
    """What a step does, how often it is done, and when it ends. Below, the arguments of what was chosen."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        titles = {
            "loss": {one.name: one.title for one in LOSSES.values()},
            "optimizer": {one.name: one.title if one.by_hand else one.name for one in OPTIMIZERS.values()},
            "schedule": {STAYS: _("stays"), **{one.name: one.title for one in SCHEDULES.values()}},
        }
        self._grid = self._made(RECIPE_ARGUMENTS[:FIRST], titles)
        self._optimizer = Settings(
            self, _("Arguments of {name}"), lambda pinned: {"optimizer": {self._recipe.optimizer_name: pinned}}
        )
        self._loss = Settings(
            self,
            _("Arguments of {name}"),
            lambda pinned: {"loss_options": pinned},
            lambda pinned, key, value: with_option(LOSSES.get(self._recipe.loss), pinned, key, value),
        )
        more = QLabel(_("How it is held in check"))
        more.setProperty("role", "tick")
        more.setContentsMargins(16, 8, 12 - BAR, 2)
        self.box.addWidget(more)
        self._more = self._made(RECIPE_ARGUMENTS[FIRST:], titles)
        self._schedule = Settings(
            self, _("Schedule: {name}"), lambda pinned: {"schedule": {self._recipe.schedule_name: pinned}}
        )
        self._curve = RateCurve()
        self.box.addWidget(self._curve)
        session.document.project_changed.connect(self._on_project_changed)
        session.client.devices_changed.connect(self._on_project_changed)
        session.settings.device_changed.connect(self._on_project_changed)
        self._on_project_changed()

    def _made(self, arguments: tuple[Argument, ...], titles: dict[str, dict[Any, str]]) -> FieldGrid:
        grid = FieldGrid(FIELD)
        self._grid_of(grid, arguments, titles)
        grid.set_requested.connect(self._on_set_requested)
        declared = {one.name: one for one in arguments}
        grid.entered.connect(lambda name: self.enter(declared[name]))
        self.box.addWidget(grid)
        return grid

    @property
    def grid(self) -> FieldGrid:
        """Loss, optimizer, epochs and seed."""
        return self._grid

    @property
    def more(self) -> FieldGrid:
        """Schedule, early stopping, penalties and precision."""
        return self._more

    @property
    def settings(self) -> FieldGrid | None:
        """The arguments of the optimizer."""
        return self._optimizer.grid

    @property
    def loss_settings(self) -> FieldGrid | None:
        """The arguments of the loss; None where it has none."""
        return self._loss.grid

    @property
    def schedule_settings(self) -> FieldGrid | None:
        """The arguments of the schedule; None where the learning rate stays."""
        return self._schedule.grid

    @property
    def curve(self) -> RateCurve:
        return self._curve

    def edit_weights(self, name: str) -> None:
        """Let the numbers of an argument that has one for each class be edited. name: of the argument"""
        dataset, spec = self._session.looking.dataset, LOSSES.get(self._recipe.loss)
        if spec is None or dataset is None or not dataset.classes:
            self.refuse(_("the classes of these data are not known, so none can count more"))
            return
        argument = next(one for one in spec.arguments if one.name == name)
        sheet = WeightsSheet(self._session, argument, dataset, self._recipe.loss_options.get(name), self.window())
        sheet.chosen.connect(lambda weights: self._on_weights(name, weights))
        sheet.open()

    def _on_weights(self, name: str, weights: Any) -> None:
        options = self._recipe.loss_options
        if weights is None:
            changed = {key: one for key, one in options.items() if key != name}
        else:
            changed = with_option(LOSSES.get(self._recipe.loss), options, name, weights)
        self.attempt(SetRecipe({"loss_options": changed}), text=_("set the weights of the classes"))

    @property
    def _recipe(self) -> Recipe:
        return self._session.document.project.recipe

    def _on_project_changed(self, _project: object = None) -> None:
        recipe = self._recipe
        values = {
            "loss": recipe.loss, "optimizer": recipe.optimizer_name, "epochs": recipe.epochs, "seed": recipe.seed,
            "schedule": recipe.schedule_name or STAYS, "patience": recipe.patience or OFF, "l1": recipe.l1,
            "clip_norm": OFF if recipe.clip_norm is None else recipe.clip_norm, "precision": recipe.precision,
        }  # fmt: skip
        self._grid.show_values({}, values)
        self._more.show_values({}, values)
        self._show_precision(recipe.precision)
        loss, optimizer = LOSSES.get(recipe.loss), OPTIMIZERS.get(recipe.optimizer_name)
        schedule = SCHEDULES.get(recipe.schedule_name)
        title = loss.title if loss else recipe.loss
        self._loss.show(title, loss.arguments if loss else (), recipe.loss_options)
        title = optimizer.title if optimizer and optimizer.by_hand else recipe.optimizer_name
        self._optimizer.show(title, optimizer.arguments if optimizer else (), recipe.optimizer_arguments)
        title = schedule.title if schedule else recipe.schedule_name
        self._schedule.show(title, schedule.arguments if schedule else (), recipe.schedule_arguments)
        if self._curve.show_recipe(recipe):
            self.resized.emit()
        self.show_help()

    def _show_precision(self, precision: str) -> None:
        """Those that the device of the next run cannot compute in are not to be chosen; one that was is marked."""
        refused, field = self._refused(), self._more.fields["precision"]
        field.refuse(refused)
        field.show_value(precision, True, refused.get(precision))

    def _refused(self) -> dict[str, str]:
        """precision -> why the device of the next run has it not, as a sentence."""
        device = chosen_device(self._session.client.devices, self._session.settings.device)
        text = _("{device} cannot compute in {precision}: {reason}.")
        found = device.refused.items() if device else ()
        return {name: text.format(device=device.title, precision=name, reason=one) for name, one in found if device}

    def _on_set_requested(self, name: str, value: Any) -> None:
        recipe = self._recipe
        argument = next(one for one in RECIPE_ARGUMENTS if one.name == name)
        if fault := fault_of(argument, value):
            self.refuse(fault)
        elif name == "optimizer" and value != recipe.optimizer_name:
            known = {one.name for one in OPTIMIZERS[value].arguments}
            # Momentum and the like stay; the learning rate does not: good ones differ by a factor of ten.
            kept = {key: one for key, one in recipe.optimizer_arguments.items() if key in known - {"lr"}}
            self.attempt(SetRecipe({"optimizer": {value: kept}}))
        elif name == "schedule" and value != (recipe.schedule_name or STAYS):
            self.attempt(SetRecipe({"schedule": {} if value == STAYS else {value: {}}}))
        elif name in ("patience", "clip_norm") and value == OFF:
            self.attempt(SetRecipe({name: None if name == "clip_norm" else 0}))
        elif name not in ("optimizer", "schedule"):
            self.attempt(SetRecipe({name: value}))

    def _summary(self) -> str:
        spec = OPTIMIZERS.get(self._recipe.optimizer_name)
        return spec.summary if spec else ""

    def _choice_summary(self, argument: Argument) -> str:
        recipe = self._recipe
        if argument.name == "loss":
            return LOSSES[recipe.loss].summary if recipe.loss in LOSSES else ""
        if argument.name == "precision":
            return self._refused().get(recipe.precision, "")
        if argument.name == "schedule":
            return SCHEDULES[recipe.schedule_name].summary if recipe.schedule_name in SCHEDULES else ""
        return self._summary() if argument.name == "optimizer" else ""
