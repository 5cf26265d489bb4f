"""One look at GitHub and AWS for one repository; no judgement."""
