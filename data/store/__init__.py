"""The store: one DuckDB file, one writer, opened late and closed early.

`Store` owns the connection, the migrations and the transactions; each table group has a class of its
own in this package (`turns`, `memories`, `dreams`, `nights`), all sharing the one connection. No other
package imports duckdb or holds SQL.
"""

from data.store.core import Store

__all__ = ["Store"]
