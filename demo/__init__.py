"""Shows the platform to a newcomer: an invented county and stories in it, through the public interface only."""
