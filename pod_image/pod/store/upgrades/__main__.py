"""Write the first revision from the tables: `python -m pod.store.upgrades`.

Only until the first release; from then on every change of the tables is a revision of its own.
"""

from pod.store.schema import metadata
from pod.store.template import HEAD
from pod.store.upgrades import ENGINES, create_statements, sql_file

for engine in ENGINES:
    texts = (f"{statement};\n" for statement in create_statements(metadata, engine))
    sql_file(HEAD, engine).write_text("".join(texts))
