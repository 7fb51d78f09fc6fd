from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "shian.kernel.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        from shian.kernel.files.queries import path_of
        from shian.kernel.notary.subjects import register_files

        register_files(path_of)
