"""All that comes in: what systems upstream, candidates, recruiters and providers say."""
