"""``python -m benchmarks`` runs the benchmark."""

from benchmarks.bench import main

raise SystemExit(main())
