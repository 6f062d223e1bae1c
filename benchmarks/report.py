def table(run):
    import json

    return json.dumps(run, indent=1)
