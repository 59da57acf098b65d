# Written by planreach init from plan.json: who reaches whom at present.
# Read it, delete what is not meant, and commit the rest.

flows "reachable at present" {
  must_succeed = [
    "aws_instance.app -> aws_db_instance.main:postgres",
    "aws_instance.web -> aws_instance.app:8080",
  ]
}

must_not_reach "not on the internet" {
  from = [internet]
  to   = [aws_db_instance.main, aws_instance.app]
}

must_not_reach "no way out" {
  from = [aws_db_instance.main, aws_instance.app, aws_instance.web]
  to   = [internet]
}

only "who reaches aws_db_instance.main" {
  from = [aws_instance.app]
  to   = [aws_db_instance.main]
}

only "who reaches aws_instance.app" {
  from = [aws_instance.web]
  to   = [aws_instance.app]
}

# Reachable from the internet at present. Is this meant?
#   internet -> aws_instance.web:443  aws_vpc_security_group_ingress_rule.web  main.tf:50
