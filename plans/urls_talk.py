"""The addresses of comments and proposed changes, below /arbeid/. Every one asks for log-in."""

from django.urls import path

from plans.views import comments, proposals, threads

PLAN = "<slug:county>/<int:year>/"
MEASURE = f"{PLAN}tiltak/<uuid:key>/"
THREAD = f"{PLAN}kommentarar/<int:pk>/"
COMMENT = f"{PLAN}kommentarar/innlegg/<int:pk>/"
PROPOSAL = f"{PLAN}framlegg/<int:pk>/"

urlpatterns = [
    path(f"{PLAN}kommentarar/", threads.comments, name="comments"),
    path(f"{PLAN}kommentarar/ny/", comments.thread_new, name="thread_new"),
    path(THREAD, threads.thread, name="thread"),
    path(f"{THREAD}svar/", comments.thread_answer, name="thread_answer"),
    path(f"{THREAD}avslutt/", comments.thread_resolve, name="thread_resolve"),
    path(f"{THREAD}opne/", comments.thread_reopen, name="thread_reopen"),
    path(COMMENT, comments.comment_edit, name="comment_edit"),
    path(f"{COMMENT}fjern/", comments.comment_delete, name="comment_delete"),
    path(f"{MEASURE}kommentarar/", threads.measure_comments, name="measure_comments"),
    path(f"{MEASURE}kommentarar/ny/", comments.measure_thread_new, name="measure_thread_new"),
    path(f"{PLAN}framlegg/", proposals.proposals, name="proposals"),
    path(PROPOSAL, proposals.proposal, name="proposal"),
    path(f"{PROPOSAL}svar/", proposals.proposal_answer, name="proposal_answer"),
    path(f"{PROPOSAL}trekk/", proposals.proposal_withdraw, name="proposal_withdraw"),
    path(f"{MEASURE}framlegg/nytt/", proposals.proposal_new, name="proposal_new"),
]
