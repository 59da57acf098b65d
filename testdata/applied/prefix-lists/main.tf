terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

# Managed prefix lists in rules and routes, entries inline and on their own.

variable "offices" {
  type    = map(string)
  default = { north = "203.0.113.0/25", south = "198.51.100.0/24" }
}

resource "aws_vpc" "main" {
  cidr_block = "10.9.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 10

  dynamic "entry" {
    for_each = var.offices
    content {
      cidr        = entry.value
      description = entry.key
    }
  }
}

resource "aws_ec2_managed_prefix_list" "partners" {
  name           = "partners"
  address_family = "IPv4"
  max_entries    = 10
}

resource "aws_ec2_managed_prefix_list_entry" "partners" {
  for_each = toset(["192.0.2.0/24", "203.0.113.128/25"])

  prefix_list_id = aws_ec2_managed_prefix_list.partners.id
  cidr           = each.value
}

resource "aws_subnet" "office" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.9.0.0/24"
}

resource "aws_subnet" "world" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.9.1.0/24"
}

# Replies find their way to the offices only.
resource "aws_route_table" "office" {
  vpc_id = aws_vpc.main.id

  route {
    destination_prefix_list_id = aws_ec2_managed_prefix_list.offices.id
    gateway_id                 = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "office" {
  subnet_id      = aws_subnet.office.id
  route_table_id = aws_route_table.office.id
}

resource "aws_route_table" "world" {
  vpc_id = aws_vpc.main.id
}

resource "aws_main_route_table_association" "world" {
  vpc_id         = aws_vpc.main.id
  route_table_id = aws_route_table.world.id
}

resource "aws_route" "world" {
  route_table_id         = aws_route_table.world.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_security_group" "main" {
  name   = "main"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    prefix_list_ids = [aws_ec2_managed_prefix_list.offices.id, aws_ec2_managed_prefix_list.partners.id]
  }

  egress {
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    prefix_list_ids = [aws_ec2_managed_prefix_list.partners.id]
  }
}

resource "aws_instance" "main" {
  for_each = { office = aws_subnet.office.id, world = aws_subnet.world.id }

  ami                         = "ami-0a49b025fffbbdac6"
  instance_type               = "t3.micro"
  subnet_id                   = each.value
  vpc_security_group_ids      = [aws_security_group.main.id]
  associate_public_ip_address = true
}
