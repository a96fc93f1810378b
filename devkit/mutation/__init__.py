"""`./dev mutate`: small faults are put into the code, one at a time, and tests should notice each.

- `command`: what `./dev mutate` does: which tests go with which files, the engine, the report
- `report`, `equal`: what is printed; the mutants that no test can tell from the original
- `engine`: the process that has the lock file's packages; `results` keeps what it found
- `operators`, `mutants`: the faults; `placing`: which code a fault is in
- `hosts`: what the tests run in: Python alone, or Odoo; `sessions`: pytest in this process
- `plan`: what has to be found out, and in which order tests are asked
- `warm`: the process that has the tests loaded, for faults inside functions; `measuring`: which
  test runs which line; `fresh`: processes that import the faulty module anew
- `children`: forks with limits
"""
