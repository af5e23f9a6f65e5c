"""The chat page's modules, each alone, in a real Chromium under the page's own policy."""
