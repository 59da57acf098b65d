# Every construct of the language, on the network of main.tf.
reach {
  required_version = ">= 0.1"
  providers        = ["aws"]

  defaults {
    severity = "error"
    unknown  = "fail"
    empty    = "error"
  }
}

variable "admin_cidrs" {
  type    = list(string)
  default = ["203.0.113.0/24"]
}

locals {
  data_ports = ["postgres"]
}

service "app" {
  ports       = ["tcp/8080"]
  description = "what the proxy sends to"
}

group "app" {
  where = { type = ["aws_instance"], tags = { Tier = "app" } }
}

group "databases" {
  members = [aws_db_instance.main]
  where   = { type = "aws_instance", tags = { Role = "data*" } }
  exclude = [aws_instance.sandbox]
}

group "prod" {
  within = [aws_vpc.prod]
}

group "dev" {
  within = [aws_vpc.dev]
}

group "office" {
  cidrs       = var.admin_cidrs
  attached_to = [internet]
}

# Short: one line, one assertion.
flows "three tiers" {
  must_succeed = [
    "internet.v4 -> proxy:https",
    "proxy -> app:app",
    "app -> databases:postgres",
    "app -> internet.v4:https via aws_nat_gateway.main",
  ]
  must_fail = [
    "internet -> databases",
    "app -> internet unless via aws_nat_gateway.main",
    "module.edge <-> databases",
  ]
}

# Long: with room for everything else.
must_reach "every app instance finds a database" {
  from = all(group.app)
  to   = any(group.databases, aws_instance.sandbox)
  port = service.postgres
}

must_reach "nightly sync" {
  description = "Copies the day's exports."
  from        = "module.batch[*].aws_instance.*"
  to          = { type = "aws_instance", tags = { Role = "sync" } }
  ports       = ["tcp/22", "tcp/8000-8100", "icmp/echo-request"]
}

must_reach "names are resolved" {
  from      = aws_instance.sync
  to        = aws_instance.resolver
  port      = "udp/53"
  oneway    = true
  severity  = "warning"
  labels    = { owner = "platform" }
  both_ways = false
}

must_reach "updates come through the NAT gateway" {
  from        = group.app
  to          = internet.v4
  port        = 443
  source_port = "32768-60999"
  through     = [aws_nat_gateway.main, aws_internet_gateway.prod]
  avoid       = [aws_vpc_peering_connection.dev]
}

must_not_reach "nothing leaves but through the NAT gateway" {
  from           = [group.app, group.databases, "module.batch[*].aws_instance.*"]
  to             = internet
  unless_through = [aws_nat_gateway.main]
}

only "the app tier and the office may reach the databases" {
  from  = [group.app, group.office]
  to    = group.databases
  ports = local.data_ports
}

isolate "prod and dev" {
  groups = [group.prod, group.dev]
  except = ["dev -> aws_instance.resolver:udp/53"]
}

no_new "no new exposure of what exists" {
  from  = internet
  to    = "aws_instance.retired*"
  empty = "skip"
}

must_not_reach "admin ports from the internet" {
  for_each    = toset(["tcp/22", "tcp/3389"])
  description = "Use the session manager instead."
  from        = internet
  to          = any
  port        = each.value
  labels      = { owner = "netsec", control = "CIS-5.2" }

  waive {
    flows  = ["internet -> aws_instance.bastion:22"]
    reason = "Bastion until the session manager is rolled out"
    until  = "2027-03-31"
    by     = "netsec@example.com"
    ticket = "NET-1432"
  }
}

must_reach "monitoring reads the agent" {
  when    = plan.var.environment == "prod"
  from    = aws_instance.sync
  to      = aws_instance.agent
  port    = 9100
  unknown = "warn"
}

assume {
  target = data.aws_security_group.monitoring
  values = { id = aws_security_group.sync.id }
  reason = "Both names mean the same group until NET-1501."
}
