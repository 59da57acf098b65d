# Checked for each instance of the module; addresses are those of the instance.
must_not_reach "workers accept nothing from outside" {
  from = internet
  to   = aws_instance.worker
}

must_reach "workers find the synchronizer" {
  when = plan.var.tier == "batch"
  from = aws_instance.worker
  to   = root.aws_instance.sync
  port = 873
}
