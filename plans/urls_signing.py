"""The addresses where a plan is signed, below /arbeid/<county>/<year>/signering/."""

from django.urls import path

from plans.views import signing, signing_files

PARTY = "<slug:party>/"

urlpatterns = [
    path("", signing.signing, name="signing"),
    path(f"her/{PARTY}", signing.sign, name="sign_here"),
    path(f"trekk/{PARTY}", signing.withdraw, name="sign_withdraw"),
    path("prov-att/<int:job>/", signing.retry, name="sign_retry"),
    path(f"opplasting/{PARTY}", signing_files.upload, name="sign_upload"),
    path("fil/<slug:sha256>/", signing_files.file, name="signing_file"),
    path("vedlegg/<int:pk>/", signing_files.evidence, name="signing_evidence"),
]
