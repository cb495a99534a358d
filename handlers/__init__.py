"""What the bot does; shared by chat, console and worker."""
