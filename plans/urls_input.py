"""The addresses of input to plans, below /arbeid/. Every one asks for log-in."""

from django.urls import path

from plans.views import attachments, contributions, inbox, rounds

INPUT = "<slug:county>/<int:year>/innspel/"
ONE = f"{INPUT}<uuid:key>/"

urlpatterns = [
    path("innspel/", contributions.own_contributions, name="contributions_own"),
    path(INPUT, inbox.inbox, name="contribution_inbox"),
    path(f"{INPUT}runde/", rounds.round_edit, name="round_edit"),
    path(f"{INPUT}nytt/", contributions.contribution_new, name="contribution_new"),
    path(ONE, contributions.contribution, name="contribution"),
    path(f"{ONE}skriv/", contributions.contribution_edit, name="contribution_edit"),
    path(f"{ONE}trekk/", contributions.contribution_withdraw, name="contribution_withdraw"),
    path(f"{ONE}vurder/", inbox.consider, name="contribution_consider"),
    path(f"{ONE}svar/", inbox.answer, name="contribution_answer"),
    path(f"{ONE}kople-fra/", inbox.disconnect, name="contribution_disconnect"),
    path(f"{ONE}nytt-tiltak/", inbox.measure_from, name="contribution_measure"),
    path(f"{ONE}vedlegg/", attachments.file_add, name="contribution_file_add"),
    path(f"{ONE}vedlegg/<uuid:file>/", attachments.file_get, name="contribution_file"),
    path(
        f"{ONE}vedlegg/<uuid:file>/slett/",
        attachments.file_remove,
        name="contribution_file_remove",
    ),
]
