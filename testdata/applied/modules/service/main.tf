variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "public" {
  type    = bool
  default = false
}

locals {
  group_id = concat(aws_security_group.this[*].id, [""])[0]
}

resource "aws_security_group" "this" {
  count = 1

  name   = var.name
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = local.group_id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_instance" "this" {
  count = 2

  ami                         = "ami-0a49b025fffbbdac6"
  instance_type               = "t3.micro"
  subnet_id                   = element(var.subnet_ids, count.index)
  vpc_security_group_ids      = compact([local.group_id, ""])
  associate_public_ip_address = var.public

  tags = { Name = "${var.name}-${count.index}" }
}

output "security_group_id" {
  value = local.group_id
}
