"""Files and folders, for every process: the user's folders, resources, projects, logs. No torch, no Qt."""
